/** Strings, which are left alone, and numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** Reads JSON; integers beyond what a number holds become strings of their digits, as in a search. @throws SyntaxError */
export function parseExactJson(json: string): unknown {
  const quoted = json.replaceAll(TOKEN, (token) => {
    const isLong = /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
    return isLong ? `"${token}"` : token;
  });
  return JSON.parse(quoted);
}
