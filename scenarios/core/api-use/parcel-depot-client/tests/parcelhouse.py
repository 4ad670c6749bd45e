from collections import namedtuple

__all__ = ["{{api.client}}", "Busy", "Gone", "HouseError", "Parcel", "Replay", "Slice"]

Parcel = namedtuple("Parcel", "code grams place")


class Slice:
    def __init__(self, rows, {{api.cursor}}):
        self.rows = tuple(rows)
        self.{{api.cursor}} = {{api.cursor}}


class HouseError(Exception):
    pass


class Gone(HouseError):
    pass


class Busy(HouseError):
    def __init__(self, wait_s):
        super().__init__(f"busy for {wait_s} s")
        self.wait_s = wait_s


class Replay:
    def __init__(self, script):
        self._script = list(script)
        self.sent = []

    def pause(self, seconds):
        self.sent.append(["pause", seconds])

    def _ask(self, *words):
        self.sent.append(list(words))
        answer = self._script.pop(0) if self._script else {"error": "the script is over"}
        if "busy" in answer:
            raise Busy(answer["busy"])
        if "gone" in answer:
            raise Gone(answer["gone"])
        if "error" in answer:
            raise HouseError(answer["error"])
        return answer


class {{api.client}}:
    def __init__(self, transport: Replay, *, token):
        self._transport = transport
        self._token = token

    def {{api.list}}(self, kind, *, {{api.size}}, {{api.cursor}}=None) -> Slice:
        answer = self._transport._ask("list", kind, {{api.size}}, {{api.cursor}}, self._token)
        return Slice(answer["rows"], answer.get("next"))

    def {{api.find}}(self, code) -> Parcel:
        answer = self._transport._ask("find", code)
        return Parcel(code, answer["grams"], answer["place"])

    def {{api.mark}}(self, code, *, outcome):
        if outcome not in {"stored", "skipped"}:
            raise HouseError(f"no outcome: {outcome!r}")
        self._transport._ask("mark", code, outcome)

    def {{api.close}}(self):
        self._transport.sent.append(["close"])
