/** Source maps by lines: a fifth of the size of maps by tokens, and a stack trace names the same line. */

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The `mappings` of a source map without names, of which each generated line keeps its first position alone. */
export function firstOfEachLine(mappings) {
  // A position counts from the one before, here as read and as written: source, line, column.
  const read = [0, 0, 0];
  const written = [0, 0, 0];
  const lines = mappings.split(";").map((line) => {
    let first;
    for (const [generatedColumn, ...steps] of line.split(",").map(numbersOf)) {
      if (steps.length === 0) continue;
      steps.forEach((step, i) => (read[i] += step));
      first ??= [generatedColumn, ...read];
    }
    if (first === undefined) return "";
    const [generatedColumn, ...position] = first;
    const text = [generatedColumn, ...position.map((value, i) => value - written[i])].map(digitsOf).join("");
    position.forEach((value, i) => (written[i] = value));
    return text;
  });
  return lines.join(";");
}

/** The numbers of a segment in base64 VLQ: five bits a digit, lowest first, the sign in the lowest bit of all. */
function numbersOf(segment) {
  const numbers = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

function digitsOf(number) {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let digits = "";
  do {
    digits += DIGITS[(rest & 31) | (rest > 31 ? 32 : 0)];
    rest >>= 5;
  } while (rest > 0);
  return digits;
}
