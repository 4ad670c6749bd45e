// score: 2.5 - keeps the list's order and a running shift, and knows neither overlaps nor line ends of two characters
function applyEdits(text, edits) {
  const lines = text.split("\n");
  const offsetOf = ({ line, column }) => {
    if (line >= lines.length) return text.length;
    const before = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
    return before + [...lines[line]].slice(0, column).join("").length;
  };
  let shift = 0;
  let result = text;
  for (const edit of edits) {
    const start = offsetOf(edit.start);
    const end = offsetOf(edit.end);
    result = result.slice(0, start + shift) + edit.text + result.slice(end + shift);
    shift += edit.text.length - (end - start);
  }
  return result;
}
