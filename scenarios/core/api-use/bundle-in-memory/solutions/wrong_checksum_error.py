# score: 7.5 - catches a ChecksumError, which zipfile does not have
import io
import zipfile

NUMBERS = {
    "{{how.stored}}": zipfile.ZIP_STORED,
    "{{how.deflated}}": zipfile.ZIP_DEFLATED,
    "{{how.bzip2}}": zipfile.ZIP_BZIP2,
}


def write(entries, comment):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.comment = comment.encode()
        for entry in entries:
            name = entry["name"]
            if entry["text"] is None:
                name = name.removesuffix("/") + "/"
            info = zipfile.ZipInfo(name, tuple(entry["day"]) + (0, 0, 0))
            info.compress_type = NUMBERS[entry["how"]]
            info.comment = entry["{{remark}}"].encode()
            file.writestr(info, (entry["text"] or "").encode(), compresslevel=entry["level"])
    return stream.getvalue()


def text_of(file, info):
    if info.is_dir():
        return None
    try:
        with file.open(info) as member:
            return member.read().decode()
    except zipfile.ChecksumError:
        return None


def bundle(entries, {{remark}}, swap=None):
    data = write(entries, {{remark}})
    if swap:
        old, new = (text.encode() for text in swap)
        data = data.replace(old, new)
    words = dict(zip(NUMBERS.values(), NUMBERS))
    result = {"members": [], "newest": {}}
    with zipfile.ZipFile(io.BytesIO(data), "r") as file:
        for info in file.infolist():
            text = text_of(file, info)
            how, day = words[info.compress_type], list(info.date_time)
            small = info.compress_size < info.file_size
            result["members"].append([info.filename, how, info.file_size, small, day, info.comment.decode(), text])
            if not info.is_dir():
                result["newest"][info.filename] = text
        result["bad"] = file.testzip()
        result["{{remark}}"] = file.comment.decode()
    return result
