# score: 10
import argparse


class Parser(argparse.ArgumentParser):
    def __init__(self, **options):
        super().__init__(**{"add_help": False, "allow_abbrev": False, **options})

    def error(self, message):
        raise ValueError(message)


def between(low, high):
    def number(text):
        value = int(text)
        if not low <= value <= (high or value):
            raise argparse.ArgumentTypeError(f"not from {low} on: {text}")
        return value

    return number


def pair(text):
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"KEY=VALUE, not {text!r}")
    return key, value


def parser():
    root = Parser(prog="{{tool.name}}")
    root.add_argument("-v", "--verbose", action="count", default=0)
    commands = root.add_subparsers(dest="command", required=True)
    make = commands.add_parser("{{tool.make}}")
    make.add_argument("sources", nargs="+")
    make.add_argument("--{{tool.tag}}", action="append", type=pair, default=[])
    make.add_argument("--jobs", type=between(1, {{job.most}}), default={{job.usual}})
    make.add_argument("--{{tool.zip}}", action=argparse.BooleanOptionalAction, default=True)
    make.add_argument("--level", type=int, choices=range(1, 10), default={{job.level}})
    clean = commands.add_parser("{{tool.clean}}").add_mutually_exclusive_group(required=True)
    clean.add_argument("--{{tool.keep}}", type=between(0, None))
    clean.add_argument("--all", action="store_true")
    return root


def parse(argv):
    options = vars(parser().parse_args(argv))
    if "{{tool.tag}}" in options:
        options["{{tool.tag}}"] = dict(options["{{tool.tag}}"])
    return options
