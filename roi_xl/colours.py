"""The colours of all charts: Okabe & Ito (2008), told apart by colour-blind eyes and in grey."""

BLUE, ORANGE, GREEN, VERMILION, SKY = "0072B2", "E69F00", "009E73", "D55E00", "56B4E9"
OKABE_ITO = (BLUE, ORANGE, GREEN, VERMILION, SKY, "CC79A7", "F0E442", "000000")
GRID = "D9D9D9"
