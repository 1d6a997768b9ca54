export type Tone = "good" | "bad" | "busy" | "fault" | "quiet" | "plain";

/** Puts a text in the colour of its tone, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

// Select Graphic Rendition parameters (ECMA-48 §8.3.117).
const codes: Readonly<Record<Tone, string>> = {
  good: "32",
  bad: "31",
  busy: "33",
  fault: "35",
  quiet: "2",
  plain: "",
};

export const plain: Paint = (_, text) => text;
export const coloured: Paint = (tone, text) =>
  codes[tone] === "" || text === "" ? text : `\u001B[${codes[tone]}m${text}\u001B[0m`;
