/* A program that leaves a file behind: tests put it where a program of its name must not be run. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    FILE *mark = fopen(getenv("INTRUDER_MARK"), "w");
    if (mark) fclose(mark);
    return 1;
}
