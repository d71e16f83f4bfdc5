"""The chapter's simpler generators: what the networks have to beat."""
