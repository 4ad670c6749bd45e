# score: 6.5 - collects tags in one list that all calls share, and asks for neither a command nor a source
import argparse

TAGS = []


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise ValueError(message)


class Tag(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        key, value = values.split("=", 1)
        getattr(namespace, self.dest).append((key, value))


def parse(argv):
    root = Parser(prog="{{tool.name}}", add_help=False, allow_abbrev=False)
    root.add_argument("-v", "--verbose", action="count")
    commands = root.add_subparsers(dest="command")
    make = commands.add_parser("{{tool.make}}", add_help=False, allow_abbrev=False)
    make.add_argument("sources", nargs="*")
    make.add_argument("--{{tool.tag}}", action=Tag, default=TAGS)
    make.add_argument("--jobs", type=int, choices=range(1, {{job.most}} + 1), default={{job.usual}})
    make.add_argument("--{{tool.zip}}", action=argparse.BooleanOptionalAction, default=True)
    make.add_argument("--level", type=int, choices=range(1, 10), default={{job.level}})
    clean = commands.add_parser("{{tool.clean}}", add_help=False, allow_abbrev=False)
    group = clean.add_mutually_exclusive_group(required=True)
    group.add_argument("--{{tool.keep}}", type=int)
    group.add_argument("--all", action="store_true")
    found = vars(root.parse_args(argv))
    found["verbose"] = found["verbose"] or 0
    if "{{tool.tag}}" in found:
        found["{{tool.tag}}"] = dict(found["{{tool.tag}}"])
    return found
