"""Stock requests: written, decided on, fulfilled with transfers, and taken back step by step."""
