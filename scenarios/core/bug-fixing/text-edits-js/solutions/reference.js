// score: 10
function linesOf(text) {
  const lines = [];
  let start = 0;
  for (const { 0: lineEnd, index } of text.matchAll(/\r?\n/g)) {
    lines.push({ start, end: index });
    start = index + lineEnd.length;
  }
  lines.push({ start, end: text.length });
  return lines;
}

function offsetOf(text, lines, { line, column }) {
  if (line >= lines.length) return text.length;
  const { start, end } = lines[line];
  const characters = Array.from(text.slice(start, end));
  return start + characters.slice(0, column).join("").length;
}

function applyEdits(text, edits) {
  const lines = linesOf(text);
  const changes = edits.map((edit) => {
    const [start, end] = [edit.start, edit.end].map((place) => offsetOf(text, lines, place)).sort((a, b) => a - b);
    return { start, end, isRange: start < end, text: edit.text };
  });
  changes.sort((a, b) => a.start - b.start || a.isRange - b.isRange);
  let result = "";
  let position = 0;
  for (const change of changes) {
    if (change.start < position) throw new RangeError("edits overlap");
    result += text.slice(position, change.start) + change.text;
    position = change.end;
  }
  return result + text.slice(position);
}
