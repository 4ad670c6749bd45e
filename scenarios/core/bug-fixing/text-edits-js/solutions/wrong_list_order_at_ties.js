// score: 8 - edits that start at the same place are taken in the order of the list, so a replacement can bar an insertion
function applyEdits(text, edits) {
  const lines = text.split("\n");
  const starts = [];
  let total = 0;
  for (const line of lines) {
    starts.push(total);
    total += line.length + 1;
  }
  const toOffset = ({ line, column }) => {
    if (line >= lines.length) return text.length;
    const isLast = line === lines.length - 1;
    const content = isLast ? lines[line] : lines[line].replace(/\r$/, "");
    const before = [...content].slice(0, column).join("");
    return starts[line] + before.length;
  };
  const resolved = edits.map((edit, index) => {
    let start = toOffset(edit.start);
    let end = toOffset(edit.end);
    if (end < start) [start, end] = [end, start];
    return { start, end, text: edit.text, index };
  });
  resolved.sort((a, b) => a.start - b.start || a.index - b.index);
  for (let i = 1; i < resolved.length; i++) {
    if (resolved[i].start < resolved[i - 1].end) throw new RangeError("overlapping edits");
  }
  let result = text;
  for (const { start, end, text: fresh } of resolved.reverse()) {
    result = result.slice(0, start) + fresh + result.slice(end);
  }
  return result;
}
