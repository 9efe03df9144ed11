"""Rules of the organizations register: INN, names and their doubles, reading of Excel lists. No Django here."""
