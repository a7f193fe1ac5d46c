import { Name } from '@/components/ui/name';
import { Cell, Head, Row, RowHead, Table, TableHead } from '@/components/ui/table';
import type { ContainerImage } from '@/lib/domain/version';

/** Image and digest of every container. */
export function ImageList({ images }: { readonly images: readonly ContainerImage[] }) {
  return (
    <Table label="Table of images" cards>
      <TableHead>
        <Head>Container</Head>
        <Head>Image</Head>
        <Head>Digest it ran with</Head>
      </TableHead>
      <tbody>
        {images.map(({ container, image, digest }) => (
          <Row key={container}>
            <RowHead>
              <Name>{container}</Name>
            </RowHead>
            <Cell className="md:w-1/2">
              <Image reference={image} />
            </Cell>
            <Cell head="Digest">
              {digest === null ? (
                <span className="text-muted">not known</span>
              ) : (
                <Name className="font-mono text-sm text-muted">{digest}</Name>
              )}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

/** The whole reference: what comes before the last slash is read least, so it stands back. */
function Image({ reference }: { readonly reference: string }) {
  const slash = reference.lastIndexOf('/') + 1;
  return (
    <bdi className="[overflow-wrap:anywhere]">
      <span className="text-muted">{reference.slice(0, slash)}</span>
      <span className="font-medium">{reference.slice(slash)}</span>
    </bdi>
  );
}
