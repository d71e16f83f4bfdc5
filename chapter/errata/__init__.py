"""Where the chapter errs: every erratum, its defect and its cure measured side by side."""
