"""Is every class drawn, shown, covered, recognised, and told apart as in real samples?"""
