# score: 4.5 - the textbook order that the letter asks for: the most important step of those that are ready
import heapq


def runbook(steps):
    rank = {step["name"]: place for place, step in enumerate(steps)}
    waiting = {step["name"]: {need for need in step["needs"] if need in rank} for step in steps}
    heap = [rank[name] for name, needs in waiting.items() if not needs]
    heapq.heapify(heap)
    order = []
    while heap:
        name = steps[heapq.heappop(heap)]["name"]
        order.append(name)
        for other, needs in waiting.items():
            if name in needs:
                needs.remove(name)
                if not needs:
                    heapq.heappush(heap, rank[other])
    if len(order) < len(steps):
        raise ValueError("circle")
    return order
