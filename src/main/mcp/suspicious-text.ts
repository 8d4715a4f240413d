/**
 * Warns of definitions that hide something from the person who reads them, or that speak to the agent instead of about the tool. A
 * warning decides nothing: patterns are easily avoided, and what is missing from them is no proof of anything.
 */
const steering: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|other|all|system)\b.{0,20}\b(?:instruction|prompt|rule|message|polic)/i,
  /<\s*\/?\s*(?:important|system|instructions?|secret|hidden|assistant)\b/i,
  /\b(?:do not|don't|never|without)\b.{0,30}\b(?:tell|mention|inform|reveal|show|notify|asking)\b.{0,30}\b(?:user|technician|person|human|anyone)\b/i,
  /\b(?:before|instead of|after)\b.{0,30}\b(?:using|calling|running)\b.{0,40}\b(?:tools?|this|other|any)\b.{0,60}\b(?:read|call|send|use|run|include|pass)\b/i,
  /\byou (?:must|should|are required to) (?:always|first|also|never)\b/i,
  /(?:\.ssh\/|id_rsa|\.env\b|mcp\.json|\.aws\/credentials|\/etc\/passwd)/i,
  /\b(?:conversation|chat) (?:history|log)\b.{0,60}\b(?:include|pass|send|paste|append|attach)|\b(?:include|pass|send|paste|append|attach)\b.{0,60}\b(?:conversation|chat) (?:history|log)\b/i,
];

/** Formatting characters, tags and private use: nothing of it can be seen. Line breaks and tabs are fine. */
const hidden = /[\p{Cf}\p{Co}\p{Cn}\u{E0000}-\u{E007F}\u2028\u2029]|[^\P{Cc}\n\r\t]/u;
const allHidden = new RegExp(hidden.source, 'gu');

const maxText = 20_000;

/** @param definition Untrusted. @returns One sentence, or undefined where nothing is conspicuous. */
export function warningAbout(definition: unknown): string | undefined {
  const texts = textsIn(definition, []);
  const hiding = texts.find((text) => hidden.test(text));
  if (hiding !== undefined)
    return 'Its definition hides characters that cannot be seen; they are shown as codes here.';
  for (const text of texts) {
    const found = steering.map((pattern) => pattern.exec(text)?.[0]).find((match) => match !== undefined);
    if (found !== undefined)
      return `Its definition speaks to the agent: “${visible(found.replace(/\s+/g, ' ')).slice(0, 120)}”. Read it before you let it run by itself.`;
  }
  return undefined;
}

/** The same text with everything that cannot be seen written as a code. */
export function visible(text: string): string {
  return text.replace(allHidden, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);
}

function textsIn(value: unknown, found: string[]): string[] {
  if (typeof value === 'string') found.push(value.slice(0, maxText));
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      found.push(key);
      textsIn(inner, found);
    }
  return found;
}
