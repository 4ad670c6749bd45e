# score: 8.5 - a second rule of a channel replaces the first
def build_matchers(rules):
    matchers = {}
    for rule in rules:
        matchers[rule["channel"]] = lambda alert, rule=rule: (
            alert["severity"] >= rule["severity"] and (not rule["services"] or alert["service"] in rule["services"])
        )
    return matchers


def route_alerts(rules, alerts):
    matchers = build_matchers(rules)
    inbox = {channel: [] for channel in matchers}
    for alert in alerts:
        for channel, matches in matchers.items():
            if matches(alert):
                inbox[channel].append(alert["id"])
    return inbox
