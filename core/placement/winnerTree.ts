// A tournament of positions that are in or out: who is best, how many are as good, and the next of these from some position on,
// each in logarithmic time. Knows nothing of hosts.

export class WinnerTree {
  readonly #compare: (a: number, b: number) => number;
  /** The number of leaves, a power of two; the children of node n are 2n and 2n + 1, leaf p is node leaves + p. */
  readonly #leaves: number;
  /** Best position below each node, -1 for none; of equals the first. */
  readonly #winner: Int32Array;
  /** How many below each node are as good as its winner. */
  readonly #ties: Int32Array;
  #count = 0;

  /** All positions, 0 to `size` - 1, are out at first. `compare` is negative where the first is better; it may change for a position while that is set anew. */
  constructor(size: number, compare: (a: number, b: number) => number) {
    let leaves = 1;
    while (leaves < size) leaves *= 2;
    this.#compare = compare;
    this.#leaves = leaves;
    this.#winner = new Int32Array(2 * leaves).fill(-1);
    this.#ties = new Int32Array(2 * leaves);
  }

  /** -1 where all are out. */
  get winner(): number {
    return this.#winner[1] ?? -1;
  }

  /** How many are as good as the winner, itself included. */
  get ties(): number {
    return this.#ties[1] ?? 0;
  }

  /** How many are in. */
  get count(): number {
    return this.#count;
  }

  has(position: number): boolean {
    return this.#winner[this.#leaves + position] === position;
  }

  /** To be called whenever the position comes in, goes out, or compares differently. */
  set(position: number, isIn: boolean): void {
    this.#put(position, isIn);
    for (let node = (this.#leaves + position) >> 1; node >= 1; node >>= 1) {
      const [winner, ties] = [this.#winner[node], this.#ties[node]];
      this.#decide(node);
      // Where it neither was nor is the best nor one of the equals, nothing changes above.
      if (winner === this.#winner[node] && winner !== position && ties === this.#ties[node]) return;
    }
  }

  /** Sets every position. */
  fill(isIn: (position: number) => boolean, size: number): void {
    for (let position = 0; position < size; position++) this.#put(position, isIn(position));
    for (let node = this.#leaves - 1; node >= 1; node--) this.#decide(node);
  }

  /** Whether the position is in and as good as the winner. */
  isTied(position: number): boolean {
    return this.has(position) && this.#compare(position, this.winner) === 0;
  }

  /** The first position from `from` on that is as good as the winner; -1 for none. */
  firstFrom(from: number): number {
    return this.#seek(1, 0, this.#leaves, from);
  }

  /** Every position that is as good as the winner. */
  tied(): readonly number[] {
    const found: number[] = [];
    for (let position = this.firstFrom(0); position >= 0; position = this.firstFrom(position + 1)) found.push(position);
    return found;
  }

  #put(position: number, isIn: boolean): void {
    const leaf = this.#leaves + position;
    this.#count += (isIn ? 1 : 0) - (this.#winner[leaf] === position ? 1 : 0);
    this.#winner[leaf] = isIn ? position : -1;
    this.#ties[leaf] = isIn ? 1 : 0;
  }

  #decide(node: number): void {
    const [left, right] = [this.#winner[2 * node] ?? -1, this.#winner[2 * node + 1] ?? -1];
    const order = left < 0 ? 1 : right < 0 ? -1 : this.#compare(left, right);
    this.#winner[node] = order <= 0 ? left : right;
    this.#ties[node] = (order <= 0 ? (this.#ties[2 * node] ?? 0) : 0) + (order >= 0 ? (this.#ties[2 * node + 1] ?? 0) : 0);
  }

  #seek(node: number, low: number, high: number, from: number): number {
    const best = this.#winner[node] ?? -1;
    if (high <= from || best < 0 || (best !== this.winner && this.#compare(best, this.winner) !== 0)) return -1;
    if (high - low === 1) return low;
    const middle = (low + high) >> 1;
    const found = this.#seek(2 * node, low, middle, from);
    return found >= 0 ? found : this.#seek(2 * node + 1, middle, high, from);
  }
}
