"""What the chapter says of synthetic data, as sentences that are measured and judged.

In order: registration.md, the rule; sentences.py, what is claimed; designs/, how it is asked, a
file a trial; trials/, what measures it; seeds/, where each seed is kept; verdict.py, what the
measures say; report/, all of it together.
"""
