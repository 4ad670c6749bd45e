# score: 8.5 - catches SystemExit, so that abbreviations and the help stay, and `-h` prints
import argparse


def number_in(low, high):
    def convert(text):
        number = int(text)
        if not low <= number <= high:
            raise argparse.ArgumentTypeError("out of range")
        return number

    return convert


def tag_of(text):
    if "=" not in text:
        raise argparse.ArgumentTypeError("KEY=VALUE expected")
    return tuple(text.split("=", 1))


def parse(argv):
    parser = argparse.ArgumentParser(prog="{{tool.name}}")
    parser.add_argument("-v", "--verbose", action="count", default=0)
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("{{tool.make}}")
    make.add_argument("sources", nargs="+")
    make.add_argument("--{{tool.tag}}", action="append", type=tag_of, default=[])
    make.add_argument("--jobs", type=number_in(1, {{job.most}}), default={{job.usual}})
    make.add_argument("--{{tool.zip}}", action=argparse.BooleanOptionalAction, default=True)
    make.add_argument("--level", type=number_in(1, 9), default={{job.level}})
    clean = commands.add_parser("{{tool.clean}}")
    group = clean.add_mutually_exclusive_group(required=True)
    group.add_argument("--{{tool.keep}}", type=number_in(0, 10**9))
    group.add_argument("--all", action="store_true")
    try:
        options = parser.parse_args(argv)
    except SystemExit:
        if "-h" in argv or "--help" in argv:
            raise
        raise ValueError("bad arguments") from None
    result = dict(vars(options))
    if result["command"] == "{{tool.make}}":
        result["{{tool.tag}}"] = dict(result["{{tool.tag}}"])
    return result
