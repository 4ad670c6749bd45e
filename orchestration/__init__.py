"""How and when models are measured: collection, scoring, modelling, detection and alerting."""
