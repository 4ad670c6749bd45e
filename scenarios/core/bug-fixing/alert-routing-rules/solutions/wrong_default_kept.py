# score: 7.5 - the default dict lives on, so channels of earlier calls come back, and a later rule replaces an earlier one
def build_matchers(rules, matchers={}):
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
