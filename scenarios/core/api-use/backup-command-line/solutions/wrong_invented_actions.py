# score: 2.5 - `argparse.ToggleAction` and `argparse.KeyValue` do not exist, and mistakes end the process
import argparse


def parse(argv):
    parser = argparse.ArgumentParser(prog="{{tool.name}}", add_help=False)
    parser.add_argument("-v", "--verbose", action="count", default=0)
    commands = parser.add_subparsers(dest="command", required=True)
    if "{{tool.make}}" in argv:
        make = commands.add_parser("{{tool.make}}", add_help=False)
        make.add_argument("sources", nargs="+")
        make.add_argument("--jobs", type=int, choices=range(1, {{job.most}} + 1), default={{job.usual}})
        make.add_argument("--level", type=int, choices=range(1, 10), default={{job.level}})
        if "--{{tool.tag}}" in argv:
            make.add_argument("--{{tool.tag}}", action=argparse.KeyValue)
        if "--no-{{tool.zip}}" in argv:
            make.add_argument("--{{tool.zip}}", action=argparse.ToggleAction)
        make.set_defaults(**{"{{tool.zip}}": True, "{{tool.tag}}": {}})
    clean = commands.add_parser("{{tool.clean}}", add_help=False)
    group = clean.add_mutually_exclusive_group(required=True)
    group.add_argument("--{{tool.keep}}", type=int)
    group.add_argument("--all", action="store_true")
    return vars(parser.parse_args(argv))
