# score: 10
import io
import zipfile

METHODS = {"{{how.stored}}": zipfile.ZIP_STORED, "{{how.deflated}}": zipfile.ZIP_DEFLATED, "{{how.bzip2}}": zipfile.ZIP_BZIP2}
WORDS = {method: word for word, method in METHODS.items()}


def bundle(entries, {{remark}}, swap=None):
    data = packed(entries, {{remark}}.encode())
    if swap:
        before, after = swap
        data = data.replace(before.encode(), after.encode())
    return report(data)


def packed(entries, comment):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = comment
        for entry in entries:
            is_folder = entry["text"] is None
            name = entry["name"].rstrip("/") + "/" if is_folder else entry["name"]
            info = zipfile.ZipInfo(name, date_time=(*entry["day"], 0, 0, 0))
            info.comment = entry["{{remark}}"].encode()
            archive.writestr(info, entry["text"] or "", METHODS[entry["how"]], entry["level"])
    return buffer.getvalue()


def report(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [described(archive, info) for info in archive.infolist()]
        return {
            "members": members,
            "newest": {name: text for name, *_, text in members if not name.endswith("/")},
            "bad": archive.testzip(),
            "{{remark}}": archive.comment.decode(),
        }


def described(archive, info):
    is_smaller = info.compress_size < info.file_size
    day, comment = list(info.date_time), info.comment.decode()
    how = WORDS[info.compress_type]
    return [info.filename, how, info.file_size, is_smaller, day, comment, text_of(archive, info)]


def text_of(archive, info):
    if info.is_dir():
        return None
    try:
        return archive.read(info).decode()
    except zipfile.BadZipFile:
        return None
