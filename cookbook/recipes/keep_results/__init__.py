"""Keep results as long as you need them: by age, group and outcome."""
