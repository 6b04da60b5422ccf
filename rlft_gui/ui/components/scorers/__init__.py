"""What answers can be scored by, wherever a person may choose: reward models, rules, a judge."""
