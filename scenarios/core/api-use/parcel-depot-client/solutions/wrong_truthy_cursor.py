# score: 8.5 - takes a start that counts as false for the end, and books a parcel before it is reported
import parcelhouse


def sync(script, token):
    transport = parcelhouse.Replay(script)
    client = parcelhouse.{{api.client}}(transport, token=token)
    stored, skipped, gone = {}, [], []

    def retry(ask):
        while True:
            try:
                return ask()
            except parcelhouse.Busy as busy:
                transport.pause(busy.wait_s)

    def work():
        cursor = None
        while True:
            part = retry(lambda: client.{{api.list}}("{{kind}}", {{api.size}}={{size}}, {{api.cursor}}=cursor))
            for code in part.rows:
                try:
                    parcel = retry(lambda: client.{{api.find}}(code))
                except parcelhouse.Gone:
                    gone.append(code)
                    continue
                if parcel.place is None:
                    skipped.append(code)
                    client.{{api.mark}}(code, outcome="skipped")
                else:
                    stored[parcel.place] = stored.get(parcel.place, 0) + parcel.grams
                    client.{{api.mark}}(code, outcome="stored")
            cursor = part.{{api.cursor}}
            if not cursor:
                return

    is_complete = True
    try:
        work()
    except parcelhouse.HouseError:
        is_complete = False
    client.{{api.close}}()
    return {"stored": stored, "skipped": skipped, "gone": gone, "is_complete": is_complete, "sent": transport.sent}
