// score: 3.5 - applies the edits from the last to the first, which turns insertions at one place round
function applyEdits(text, edits) {
  const lines = text.split("\n");
  const offsetOf = ({ line, column }) => {
    if (line >= lines.length) return text.length;
    let offset = 0;
    for (let i = 0; i < line; i++) offset += lines[i].length + 1;
    return offset + Math.min(column, lines[line].length);
  };
  const sorted = edits
    .map((edit) => ({ start: offsetOf(edit.start), end: offsetOf(edit.end), text: edit.text }))
    .sort((a, b) => b.start - a.start);
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i].end > sorted[i - 1].start) throw new RangeError("overlapping edits");
  }
  return sorted.reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}
