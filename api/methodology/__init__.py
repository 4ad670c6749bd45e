"""By which suites, scorers, detector and formulas the numbers come about, each with its version."""
