/* true.c - the least payload: it starts, it ends with 0. Linked statically. */

int main(void)
{
	return 0;
}
