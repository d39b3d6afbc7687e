// Messages that offer something to do. Nobody waits for the answer: a command is over when its work is, and the message stays
// on screen as long as the person likes.

import { window } from 'vscode';

export type Choices = Readonly<Record<string, () => Promise<void> | void>>;

type Show = (message: string, ...items: string[]) => Thenable<string | undefined>;

export const offer = {
  information: (message: string, choices: Choices = {}): void => void show((...all) => window.showInformationMessage(...all), message, choices),
  warning: (message: string, choices: Choices = {}): void => void show((...all) => window.showWarningMessage(...all), message, choices),
  error: (message: string, choices: Choices = {}): void => void show((...all) => window.showErrorMessage(...all), message, choices),
};

async function show(how: Show, message: string, choices: Choices): Promise<void> {
  const choice = await how(message, ...Object.keys(choices));
  if (choice === undefined) return;
  try {
    await choices[choice]?.();
  } catch (error) {
    offer.error(error instanceof Error ? error.message : String(error));
  }
}
