# score: 7.9167 - sets the compression of the archive, which a ZipInfo does not take over, and counts characters
import io
import zipfile

HOW = {"{{how.stored}}": zipfile.ZIP_STORED, "{{how.deflated}}": zipfile.ZIP_DEFLATED, "{{how.bzip2}}": zipfile.ZIP_BZIP2}
WORD = {value: key for key, value in HOW.items()}


def bundle(entries, {{remark}}, swap=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for entry in entries:
            folder = entry["text"] is None
            info = zipfile.ZipInfo(entry["name"].rstrip("/") + "/" * folder, (*entry["day"], 0, 0, 0))
            info.comment = entry["{{remark}}"].encode()
            archive.compression = HOW[entry["how"]]
            archive.compresslevel = entry["level"]
            archive.writestr(info, "" if folder else entry["text"])
        archive.comment = {{remark}}.encode()
    data = buffer.getvalue()
    if swap:
        data = data.replace(swap[0].encode(), swap[1].encode())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members, newest = [], {}
        for info in archive.infolist():
            try:
                text = None if info.is_dir() else archive.read(info).decode()
            except zipfile.BadZipFile:
                text = None
            if not info.is_dir():
                newest[info.filename] = text
            smaller = info.compress_size < info.file_size
            day = list(info.date_time)
            size = info.file_size if text is None else len(text)
            row = [info.filename, WORD[info.compress_type], size, smaller, day, info.comment.decode(), text]
            members.append(row)
        return {"members": members, "newest": newest, "bad": archive.testzip(), "{{remark}}": archive.comment.decode()}
