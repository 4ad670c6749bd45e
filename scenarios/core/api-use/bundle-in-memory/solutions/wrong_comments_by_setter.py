# score: 5.8333 - sets comments with `set_comment`, a member's as text, and makes folders with `add_folder`
import io
import zipfile

KINDS = {"{{how.stored}}": zipfile.ZIP_STORED, "{{how.deflated}}": zipfile.ZIP_DEFLATED, "{{how.bzip2}}": zipfile.ZIP_BZIP2}


def bundle(entries, {{remark}}, swap=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in entries:
            if entry["text"] is None:
                archive.add_folder(entry["name"])
                continue
            info = zipfile.ZipInfo(entry["name"], (*entry["day"], 0, 0, 0))
            if entry["{{remark}}"]:
                info.comment = entry["{{remark}}"]
            archive.writestr(info, entry["text"], KINDS[entry["how"]], entry["level"])
        if {{remark}}:
            archive.set_comment({{remark}}.encode())
    data = buffer.getvalue()
    if swap:
        data = data.replace(swap[0].encode(), swap[1].encode())
    kinds = {number: word for word, number in KINDS.items()}
    members, newest = [], {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            try:
                text = archive.read(info).decode()
            except zipfile.BadZipFile:
                text = None
            newest[info.filename] = text
            members.append(
                [
                    info.filename,
                    kinds[info.compress_type],
                    info.file_size,
                    info.compress_size < info.file_size,
                    list(info.date_time),
                    info.comment.decode(),
                    text,
                ]
            )
        return {"members": members, "newest": newest, "bad": archive.testzip(), "{{remark}}": archive.comment.decode()}
