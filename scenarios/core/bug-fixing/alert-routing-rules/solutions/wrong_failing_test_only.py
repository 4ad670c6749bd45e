# score: 3.5 - mends what the test shows, with a defaultdict that has no channels without alerts; the docstring is not read
from collections import defaultdict


def build_matchers(rules):
    matchers = {}
    for rule in rules:
        matchers[rule["channel"]] = lambda alert, rule=rule: (
            alert["severity"] > rule["severity"] and alert["service"] in rule["services"]
        )
    return matchers


def route_alerts(rules, alerts):
    matchers = build_matchers(rules)
    inbox = defaultdict(list)
    for alert in alerts:
        for channel, matches in matchers.items():
            if matches(alert):
                inbox[channel].append(alert["id"])
    return dict(inbox)
