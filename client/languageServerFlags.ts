// How the process of the language server is started, by VS Code, by the command line and by the benchmark.

/**
 * Flags of Node.js. What a keystroke makes lives as long as the keystroke: with 16 MB for what is young from the start, it is gone
 * before it is ever moved. By itself Node.js begins with 1 MB, moves much of it, and then keeps it longer.
 */
export const languageServerFlags = ['--min-semi-space-size=16', '--max-semi-space-size=16'] as const;
