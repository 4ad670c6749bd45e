# score: 0 - puts entries as other libraries do, with a compression and a date as arguments
import io
import zipfile


def bundle(entries, {{remark}}, swap=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", comment={{remark}}.encode()) as archive:
        for entry in entries:
            archive.addstr(entry["name"], entry["text"], compression=entry["how"], date=entry["day"])
    with zipfile.ZipFile(io.BytesIO(buffer.getvalue())) as archive:
        members = [[info.name, info.method, info.size] for info in archive.getmembers()]
        return {"members": members, "newest": {}, "bad": archive.test(), "{{remark}}": archive.comment.decode()}
