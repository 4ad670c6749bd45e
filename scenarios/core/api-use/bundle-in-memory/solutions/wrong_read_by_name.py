# score: 9.1667 - reads by name, so that members of one name all have the last one's text
import io
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

HOW = {"{{how.stored}}": ZIP_STORED, "{{how.deflated}}": ZIP_DEFLATED, "{{how.bzip2}}": ZIP_BZIP2}


def bundle(entries, {{remark}}, swap=None):
    buffer = io.BytesIO()
    with ZipFile(buffer, mode="w") as target:
        for entry in entries:
            name, text = entry["name"], entry["text"]
            if text is None and not name.endswith("/"):
                name += "/"
            info = ZipInfo(filename=name, date_time=(*entry["day"], 0, 0, 0))
            info.comment = entry["{{remark}}"].encode("utf-8")
            target.writestr(info, text or "", compress_type=HOW[entry["how"]], compresslevel=entry["level"])
        target.comment = {{remark}}.encode("utf-8")
    data = buffer.getvalue()
    if swap is not None:
        data = data.replace(swap[0].encode("utf-8"), swap[1].encode("utf-8"))

    words = {number: word for word, number in HOW.items()}
    members, newest = [], {}
    with ZipFile(io.BytesIO(data)) as source:
        bad = source.testzip()
        for info in source.infolist():
            text = None
            if not info.is_dir():
                try:
                    text = source.read(info.filename).decode("utf-8")
                except BadZipFile:
                    pass
                newest[info.filename] = text
            members.append(
                [
                    info.filename,
                    words[info.compress_type],
                    info.file_size,
                    info.compress_size < info.file_size,
                    list(info.date_time),
                    info.comment.decode("utf-8"),
                    text,
                ]
            )
        comment = source.comment.decode("utf-8")
    return {"members": members, "newest": newest, "bad": bad, "{{remark}}": comment}
