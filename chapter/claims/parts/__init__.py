"""What several trials share: arms, judges, sample sets, generators."""
