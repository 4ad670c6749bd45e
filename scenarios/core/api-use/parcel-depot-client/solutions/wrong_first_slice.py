# score: 6.5 - reads the first slice alone, and takes a busy service for one that failed
import parcelhouse


def sync(script, token):
    transport = parcelhouse.Replay(script)
    client = parcelhouse.{{api.client}}(transport, token=token)
    result = {"stored": {}, "skipped": [], "gone": [], "is_complete": True}
    try:
        for code in client.{{api.list}}("{{kind}}", {{api.size}}={{size}}).rows:
            try:
                parcel = client.{{api.find}}(code)
            except parcelhouse.Gone:
                result["gone"].append(code)
                continue
            outcome = "stored" if parcel.place else "skipped"
            client.{{api.mark}}(code, outcome=outcome)
            if parcel.place:
                result["stored"][parcel.place] = result["stored"].get(parcel.place, 0) + parcel.grams
            else:
                result["skipped"].append(code)
    except parcelhouse.HouseError:
        result["is_complete"] = False
    client.{{api.close}}()
    result["sent"] = transport.sent
    return result
