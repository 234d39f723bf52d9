"""The tests: one folder per package folder, house rules, contracts, stories."""
