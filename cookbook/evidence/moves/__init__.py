"""Move a queue while tasks wait and a site goes on sending; count what is lost."""
