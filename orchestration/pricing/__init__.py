"""What a call costs: dated, sourced price rows and the arithmetic on them.

Not here: how many tokens a call used (providers), nor what is asked (collection).
"""
