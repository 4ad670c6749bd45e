import re
from itertools import islice


class NoDelimiterError(ValueError):
    """Nothing separates the fields of this sample."""


def sniff(sample):
    every = re.split(r"\r?\n", sample)
    kept = list(islice((line for line in every if re.match(r"(?!{{comment}}).*\S", line)), {{looked_at}}))
    masked = [re.sub(r'"[^"]*"', "quoted", line) for line in kept]
    fitting = {}
    for delimiter in {{order.code}}:
        counts = [line.count(delimiter) for line in masked]
        if counts and counts[0] and counts == counts[:1] * len(counts):
            fitting[delimiter] = counts[0]
    if not fitting:
        raise NoDelimiterError(sample[:40])
    chosen = max(fitting, key=fitting.get)
    kinds = [[kind_of(field) for field in line.split(chosen)] for line in masked]
    later = [kind for row in kinds[1:] for kind in row]
    is_header = set(kinds[0]) == {"text"} and "number" in later
    return {"delimiter": chosen, "columns": fitting[chosen] + 1, "header": is_header, "quote": '"', "lines": len(kept)}


def kind_of(field):
    field = field.strip(" ")
    return "number" if re.fullmatch(r"[-+]?[0-9]+(?:[.][0-9]+)?", field) else "text" if field else "nothing"
