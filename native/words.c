/* Where texts are cut into words, and the counts of words that were met before. */
