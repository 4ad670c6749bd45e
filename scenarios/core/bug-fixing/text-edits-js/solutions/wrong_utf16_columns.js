// score: 9 - counts columns in the units of JavaScript's texts
function applyEdits(text, edits) {
  const starts = [0];
  const ends = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "\n") continue;
    ends.push(i > 0 && text[i - 1] === "\r" ? i - 1 : i);
    starts.push(i + 1);
  }
  ends.push(text.length);
  const offset = ({ line, column }) =>
    line < starts.length ? Math.min(starts[line] + column, ends[line]) : text.length;
  const sorted = edits
    .map((edit, index) => {
      const a = offset(edit.start);
      const b = offset(edit.end);
      return { from: Math.min(a, b), to: Math.max(a, b), text: edit.text, index };
    })
    .sort((a, b) => a.from - b.from || (a.to > a.from) - (b.to > b.from) || a.index - b.index);
  const parts = [];
  let done = 0;
  for (const { from, to, text: fresh } of sorted) {
    if (from < done) throw new RangeError("overlapping edits");
    parts.push(text.slice(done, from), fresh);
    done = to;
  }
  parts.push(text.slice(done));
  return parts.join("");
}
