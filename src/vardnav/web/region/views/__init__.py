"""The planner's pages. Figures only: none of them opens a patient's data."""
