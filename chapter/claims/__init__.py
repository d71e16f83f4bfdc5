"""What the chapter says of synthetic data, as sentences that are measured and judged.

In order: sentences.py, what is claimed; designs/, how it is asked, a file a trial; trials/, what
measures it; verdict.py, what the measures say; report.py, all of it together.
"""
