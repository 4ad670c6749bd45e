# score: 5.5 - replaces `error` of the first parser alone: the parsers of the commands still end the process
import argparse


def bounded(low, high=None):
    def convert(text):
        number = int(text)
        if number < low or (high is not None and number > high):
            raise ValueError(text)
        return number

    return convert


def key_value(text):
    key, separator, value = text.partition("=")
    if not separator:
        raise ValueError(text)
    return key, value


def refuse(message):
    raise ValueError(message)


def parse(argv):
    strict = {"add_help": False, "allow_abbrev": False}
    root = argparse.ArgumentParser(prog="{{tool.name}}", **strict)
    root.error = refuse
    root.add_argument("-v", "--verbose", action="count", default=0)
    commands = root.add_subparsers(dest="command", required=True)
    make = commands.add_parser("{{tool.make}}", **strict)
    make.add_argument("sources", nargs="+")
    make.add_argument("--{{tool.tag}}", action="append", type=key_value, default=[])
    make.add_argument("--jobs", type=bounded(1, {{job.most}}), default={{job.usual}})
    make.add_argument("--{{tool.zip}}", action=argparse.BooleanOptionalAction, default=True)
    make.add_argument("--level", type=int, choices=range(1, 10), default={{job.level}})
    clean = commands.add_parser("{{tool.clean}}", **strict)
    one = clean.add_mutually_exclusive_group(required=True)
    one.add_argument("--{{tool.keep}}", type=bounded(0))
    one.add_argument("--all", action="store_true")
    found = vars(root.parse_args(argv))
    if "{{tool.tag}}" in found:
        found["{{tool.tag}}"] = dict(found["{{tool.tag}}"])
    return found
