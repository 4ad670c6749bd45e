# score: 4 - catches `parcelhouse.NotFound` and reads `retry_after`, which do not exist, where the first parcels need neither
import parcelhouse


def sync(script, token):
    transport = parcelhouse.Replay(script)
    client = parcelhouse.{{api.client}}(transport, token=token)
    result = {"stored": {}, "skipped": [], "gone": [], "is_complete": True}

    def ask(method, *args, **options):
        while True:
            try:
                return method(*args, **options)
            except parcelhouse.Busy as busy:
                transport.pause(busy.retry_after)

    try:
        cursor = None
        while True:
            part = ask(client.{{api.list}}, "{{kind}}", {{api.size}}={{size}}, {{api.cursor}}=cursor)
            for code in part.rows:
                try:
                    parcel = ask(client.{{api.find}}, code)
                except parcelhouse.NotFound:
                    result["gone"].append(code)
                    continue
                outcome = "skipped" if parcel.place is None else "stored"
                client.{{api.mark}}(code, outcome=outcome)
                if outcome == "skipped":
                    result["skipped"].append(code)
                else:
                    result["stored"][parcel.place] = result["stored"].get(parcel.place, 0) + parcel.grams
            cursor = part.{{api.cursor}}
            if cursor is None:
                break
    except parcelhouse.HouseError:
        result["is_complete"] = False
    finally:
        client.{{api.close}}()
    return {**result, "sent": transport.sent}
