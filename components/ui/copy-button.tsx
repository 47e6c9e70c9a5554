'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button';
import { writeClipboard } from './copy-text';
import { IconButton } from './icon-button';
import { showToast } from './toast';

type CopyButtonProps = {
  /** Given when it is pressed, so that long reports are not built for nothing. */
  text: () => string;
  label: string;
  /** Without: a glyph with the label as its name. */
  withWord?: boolean;
};

/** Copies a text, and shows for two seconds that it did. */
export function CopyButton({ text, label, withWord = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    writeClipboard(text()).then(
      () => setCopied(true),
      () => showToast({ text: 'This browser did not allow copying.', tone: 'fail' }),
    );
  };
  const icon = copied ? Check : Copy;
  return withWord ? (
    <Button size="small" icon={icon} onClick={copy}>
      {copied ? 'Copied' : label}
    </Button>
  ) : (
    <IconButton size="small" icon={icon} label={copied ? 'Copied' : label} onClick={copy} />
  );
}
